/** The commands, one class each. */
package org.distill4j.cli;

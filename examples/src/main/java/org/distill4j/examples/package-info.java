/** Programs to read and to start from. */
package org.distill4j.examples;

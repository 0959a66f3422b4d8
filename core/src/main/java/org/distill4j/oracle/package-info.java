/** What a model of integers says exactly. */
package org.distill4j.oracle;

/** How a float model is made ready for few bits, by what is seen while examples run through it. */
package org.distill4j.quantize.prepare;

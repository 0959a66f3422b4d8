/** Which bits stay: a float model as one of 8-bit integers. */
package org.distill4j.quantize;

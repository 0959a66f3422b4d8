/** Whether a model of integers says the same wherever it runs. */
package org.distill4j.quantize.parity;

/** How a trained float model becomes one of integers: post-training quantization. */
package org.distill4j.quantize.ptq;

/** How a model is trained while it rounds: quantization-aware training. */
package org.distill4j.quantize.qat;

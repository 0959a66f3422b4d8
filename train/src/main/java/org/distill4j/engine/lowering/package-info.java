/** How each operator becomes TensorFlow operations that have gradients. */
package org.distill4j.engine.lowering;

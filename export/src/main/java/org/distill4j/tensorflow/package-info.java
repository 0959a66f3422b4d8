/** A circuit as TensorFlow operations. */
package org.distill4j.tensorflow;

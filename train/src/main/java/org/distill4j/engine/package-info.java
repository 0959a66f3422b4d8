/** A model as a TensorFlow graph: how it is lowered, and how its values are trained. */
package org.distill4j.engine;

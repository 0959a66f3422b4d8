/** A model as TensorFlow's family of formats spells it: few operators, channels last. */
package org.distill4j.circuit;

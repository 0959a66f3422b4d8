/** TensorFlow's natives and sessions, and how a lowered graph is spelled in its operations. */
package org.distill4j.tensorflow;

/** How a model is trained: updates, optimizers, the training step. */
package org.distill4j.engine;

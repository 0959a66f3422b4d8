/** How good a model is, and whether that is certain. */
package org.distill4j.eval;

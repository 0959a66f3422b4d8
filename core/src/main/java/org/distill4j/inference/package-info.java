/** How a model is run forward. */
package org.distill4j.inference;

/** Whether a model is good enough to ship, and how certain that is. */
package org.distill4j.gate;

/** How a graph becomes another that says the same: passes before a model is made smaller. */
package org.distill4j.passes;

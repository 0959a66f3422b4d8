/** A graph in few operators, channels last: what training engines and other formats share. */
package org.distill4j.lowered;

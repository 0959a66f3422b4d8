/** Which channels and weights go. */
package org.distill4j.prune;

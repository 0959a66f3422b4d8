/** Who teaches whom. */
package org.distill4j.distill;

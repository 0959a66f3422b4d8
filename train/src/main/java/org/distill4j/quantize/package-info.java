/** Which bits stay: settings, the ladder of repairs, and what was taken. */
package org.distill4j.quantize;

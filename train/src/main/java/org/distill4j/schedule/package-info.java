/** How a weight or a temperature moves over a run. */
package org.distill4j.schedule;

/** What people see of a run: the console, the HTML report, the trade-offs. */
package org.distill4j.report;

/** How the cells of a table become the numbers that a model takes. */
package org.distill4j.table;

/** How rows of cells become examples: files of numbers, and tables of numbers, names and dates. */
package org.distill4j.data.cells;

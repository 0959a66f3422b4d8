/** How a file of text becomes records of cells: its encoding, its quotes, its header. */
package org.distill4j.data.text;

/** Which files of a folder are examples, of which part, and whether they are still the same. */
package org.distill4j.data.folder;

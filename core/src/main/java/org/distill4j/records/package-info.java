/** How TFRecord files and the examples in them are spelled. */
package org.distill4j.records;

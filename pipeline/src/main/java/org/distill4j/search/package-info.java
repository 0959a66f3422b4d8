/** How small a model may become before it gets worse: every candidate measured and kept. */
package org.distill4j.search;

/** What a model is: an immutable graph with ONNX semantics. */
package org.distill4j.graph;

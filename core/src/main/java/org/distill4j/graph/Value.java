package org.distill4j.graph;

import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;

/**
 * The declaration of a value that flows along an edge of a graph: its name, element type and shape.
 *
 * @param name unique within the graph, not empty
 * @param type what one element is
 * @param shape its extents, the batch usually a symbol
 */
public record Value(String name, DType type, Shape shape) {}

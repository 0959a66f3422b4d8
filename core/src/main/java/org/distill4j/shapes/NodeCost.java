package org.distill4j.shapes;

import java.util.OptionalLong;
import org.distill4j.graph.Node;

/**
 * The cost of one node of a graph for one example.
 *
 * @param node which one
 * @param macs multiply-adds of products and convolutions, 0 for other operators; empty if its
 *     shapes are not known, and for Einsum, DeformConv and other domains' operators
 * @param parameters how many trained numbers it is the first to use
 * @param activationBytes the size of all that it makes; empty if its shapes are not known
 */
public record NodeCost(
    Node node, OptionalLong macs, long parameters, OptionalLong activationBytes) {}

package org.distill4j.lowered;

import org.distill4j.graph.Value;

/**
 * An input or output of a lowered graph.
 *
 * @param value as the ONNX model declares it
 * @param wire the wire's name
 * @param layout how the wire holds it: {@link Layout#ONNX} or {@link Layout#CHANNELS_LAST}
 */
public record LoweredPort(Value value, String wire, Layout layout) {}

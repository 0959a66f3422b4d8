package org.distill4j.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.distill4j.fault.InputFault;
import org.distill4j.format.Format;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredNode;
import org.distill4j.lowered.LoweredOperator;
import org.distill4j.lowered.LoweredOperator.Arithmetic;
import org.distill4j.lowered.LoweredOperator.Binary;
import org.distill4j.lowered.LoweredOperator.Elementwise;
import org.distill4j.lowered.LoweredOperator.Unary;
import org.distill4j.lowered.LoweredPort;
import org.distill4j.tensor.DType;

/** The types of numbers that a format's runtime computes with. */
final class NumberTypes {
  private NumberTypes() {}

  /**
   * Refuses a model of numbers that one of the formats has not.
   *
   * @throws InputFault naming each such node
   */
  static void require(Set<Format> formats, LoweredGraph lowered) {
    List<String> faults = new ArrayList<>();
    for (Format format : formats) {
      if (format == Format.ONNX || format == Format.SAVEDMODEL) {
        continue;
      }
      for (LoweredPort port : lowered.inputs()) {
        if (port.value().type() == DType.FLOAT64) {
          faults.add(said("input '" + port.value().name() + "'", "is FLOAT64", format));
        }
      }
      for (LoweredNode part : lowered.parts()) {
        String fault = fault(part, lowered, format);
        if (!fault.isEmpty()) {
          faults.add(said(part.origin(), fault, format));
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new InputFault(faults.stream().distinct().toList());
    }
  }

  private static String said(String where, String fault, Format format) {
    return "%s: %s (expected: numbers that %s computes with); export to savedmodel or onnx"
        .formatted(where, fault, format.spelled());
  }

  private static String fault(LoweredNode part, LoweredGraph lowered, Format format) {
    DType type = lowered.wire(part.output()).type();
    if (type == DType.FLOAT64) {
      return "makes FLOAT64";
    }
    boolean isWhole = type == DType.INT32 || type == DType.INT64;
    LoweredOperator operation = part.operation();
    if (isWhole && operation instanceof Arithmetic a && a.kind() == Binary.DIV) {
      return "divides " + type;
    }
    boolean isSize = operation instanceof Elementwise e && e.kind() == Unary.ABS;
    return isWhole && isSize && format != Format.TFJS ? "takes the size of " + type : "";
  }
}

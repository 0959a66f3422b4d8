package org.distill4j.tflite;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.FullyConnectedOptions;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.OperatorCode;
import org.tensorflow.lite.schema.SubGraph;

/**
 * The operators of a file: which of them ends the model, and whether any keeps something for the
 * next call.
 *
 * @param model the whole file
 */
record FileOperators(Model model) {
  /** What operators of TensorFlow are called that a file asks another library for. */
  private static final String OF_TENSORFLOW = "Flex";

  /** What moves, casts or rounds what another operator gave. */
  private static final Set<Integer> PASSING =
      Set.of(
          BuiltinOperator.RESHAPE,
          BuiltinOperator.SQUEEZE,
          BuiltinOperator.EXPAND_DIMS,
          BuiltinOperator.TRANSPOSE,
          BuiltinOperator.CAST,
          BuiltinOperator.QUANTIZE,
          BuiltinOperator.DEQUANTIZE);

  /**
   * The operator that the first output comes from, as ONNX calls it: {@code Softmax}, {@code
   * LogSoftmax}, {@code Sigmoid} or {@code Gemm}; empty for any other.
   */
  Optional<String> end() {
    SubGraph graph = model.subgraphs(0);
    Map<Integer, Operator> producers = new HashMap<>();
    for (int i = 0; i < graph.operatorsLength(); i++) {
      Operator operator = graph.operators(i);
      for (int k = 0; k < operator.outputsLength(); k++) {
        producers.put(operator.outputs(k), operator);
      }
    }
    Operator last = producers.get(graph.outputs(0));
    for (int steps = 0; last != null && PASSING.contains(code(last)); steps++) {
      last = steps < producers.size() ? producers.get(last.inputs(0)) : null;
    }
    return last == null ? Optional.empty() : name(last);
  }

  private Optional<String> name(Operator operator) {
    return switch (code(operator)) {
      case BuiltinOperator.SOFTMAX -> Optional.of("Softmax");
      case BuiltinOperator.LOG_SOFTMAX -> Optional.of("LogSoftmax");
      case BuiltinOperator.LOGISTIC -> Optional.of("Sigmoid");
      case BuiltinOperator.FULLY_CONNECTED ->
          isPlain(operator) ? Optional.of("Gemm") : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean isPlain(Operator operator) {
    FullyConnectedOptions options =
        (FullyConnectedOptions) operator.builtinOptions(new FullyConnectedOptions());
    return options != null && options.fusedActivationFunction() == ActivationFunctionType.NONE;
  }

  /** Whether an answer can depend on the examples before it. */
  boolean remember() {
    for (int g = 0; g < model.subgraphsLength(); g++) {
      SubGraph graph = model.subgraphs(g);
      for (int i = 0; i < graph.tensorsLength(); i++) {
        if (graph.tensors(i).isVariable()) {
          return true;
        }
      }
      for (int i = 0; i < graph.operatorsLength(); i++) {
        if (code(graph.operators(i)) == BuiltinOperator.ASSIGN_VARIABLE) {
          return true;
        }
      }
    }
    return false;
  }

  /** The operators of TensorFlow that TFLite alone has not, by name in alphabetical order. */
  Set<String> ofTensorFlow() {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < model.operatorCodesLength(); i++) {
      String custom = model.operatorCodes(i).customCode();
      if (custom != null && custom.startsWith(OF_TENSORFLOW)) {
        names.add(custom.substring(OF_TENSORFLOW.length()));
      }
    }
    return names;
  }

  /** Old files have the code in the one place, new ones in the other. */
  private int code(Operator operator) {
    OperatorCode code = model.operatorCodes((int) operator.opcodeIndex());
    return Math.max(code.builtinCode(), code.deprecatedBuiltinCode());
  }
}

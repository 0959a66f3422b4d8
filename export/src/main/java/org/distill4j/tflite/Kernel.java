package org.distill4j.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.function.ToIntFunction;
import org.distill4j.lowered.Fused;
import org.distill4j.lowered.LoweredOperator;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.AddOptions;
import org.tensorflow.lite.schema.ArgMaxOptions;
import org.tensorflow.lite.schema.BatchMatMulOptions;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.CastOptions;
import org.tensorflow.lite.schema.ConcatenationOptions;
import org.tensorflow.lite.schema.Conv2DOptions;
import org.tensorflow.lite.schema.DepthToSpaceOptions;
import org.tensorflow.lite.schema.DepthwiseConv2DOptions;
import org.tensorflow.lite.schema.DivOptions;
import org.tensorflow.lite.schema.FullyConnectedOptions;
import org.tensorflow.lite.schema.GatherOptions;
import org.tensorflow.lite.schema.LeakyReluOptions;
import org.tensorflow.lite.schema.MirrorPadMode;
import org.tensorflow.lite.schema.MirrorPadOptions;
import org.tensorflow.lite.schema.MulOptions;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.Pool2DOptions;
import org.tensorflow.lite.schema.ReducerOptions;
import org.tensorflow.lite.schema.ResizeBilinearOptions;
import org.tensorflow.lite.schema.ResizeNearestNeighborOptions;
import org.tensorflow.lite.schema.SoftmaxOptions;
import org.tensorflow.lite.schema.SpaceToDepthOptions;
import org.tensorflow.lite.schema.StridedSliceOptions;
import org.tensorflow.lite.schema.SubOptions;
import org.tensorflow.lite.schema.TensorType;

/**
 * The TFLite operator that does what an operation asks.
 *
 * @param code of {@link BuiltinOperator}
 * @param version in float32
 * @param version8 in 8 bits; 0 if there is none
 * @param optionsType of {@link BuiltinOptions}
 * @param options writes them
 */
record Kernel(
    int code,
    int version,
    int version8,
    byte optionsType,
    ToIntFunction<FlatBufferBuilder> options) {

  private static Kernel plain(int code, int version8) {
    return new Kernel(code, 1, version8, BuiltinOptions.NONE, b -> 0);
  }

  /** The kernel of an operation. */
  static Kernel of(LoweredOperator operation) {
    if (operation instanceof LoweredOperator.Convolution c) {
      return c.depthwise() ? depthwise(c) : convolution(c);
    } else if (operation instanceof LoweredOperator.Pool p) {
      return pool(p);
    } else if (operation instanceof LoweredOperator.Dense d) {
      return new Kernel(
          BuiltinOperator.FULLY_CONNECTED,
          1,
          4,
          BuiltinOptions.FullyConnectedOptions,
          b ->
              FullyConnectedOptions.createFullyConnectedOptions(
                  b, fused(d.fused()), (byte) 0, false, false));
    } else if (operation instanceof LoweredOperator.MatMul) {
      return new Kernel(
          BuiltinOperator.BATCH_MATMUL,
          1,
          0,
          BuiltinOptions.BatchMatMulOptions,
          b -> BatchMatMulOptions.createBatchMatMulOptions(b, false, false, false));
    } else if (operation instanceof LoweredOperator.Elementwise e) {
      return elementwise(e.kind());
    } else if (operation instanceof LoweredOperator.Arithmetic a) {
      return arithmetic(a);
    } else if (operation instanceof LoweredOperator.LeakyRelu l) {
      return new Kernel(
          BuiltinOperator.LEAKY_RELU,
          1,
          2,
          BuiltinOptions.LeakyReluOptions,
          b -> LeakyReluOptions.createLeakyReluOptions(b, l.alpha()));
    } else if (operation instanceof LoweredOperator.PRelu) {
      return plain(BuiltinOperator.PRELU, 0);
    }
    return moving(operation);
  }

  private static Kernel moving(LoweredOperator operation) {
    if (operation instanceof LoweredOperator.Reshape) {
      return plain(BuiltinOperator.RESHAPE, 1);
    } else if (operation instanceof LoweredOperator.Transpose) {
      return plain(BuiltinOperator.TRANSPOSE, 2);
    } else if (operation instanceof LoweredOperator.Concat c) {
      return new Kernel(
          BuiltinOperator.CONCATENATION,
          1,
          2,
          BuiltinOptions.ConcatenationOptions,
          b ->
              ConcatenationOptions.createConcatenationOptions(
                  b, c.axis(), ActivationFunctionType.NONE));
    } else if (operation instanceof LoweredOperator.StridedSlice s) {
      int whole = (int) s.whole();
      return new Kernel(
          BuiltinOperator.STRIDED_SLICE,
          1,
          2,
          BuiltinOptions.StridedSliceOptions,
          b -> StridedSliceOptions.createStridedSliceOptions(b, whole, whole, 0, 0, 0, false));
    } else if (operation instanceof LoweredOperator.Pad p) {
      return p.value() == 0 ? plain(BuiltinOperator.PAD, 2) : plain(BuiltinOperator.PADV2, 0);
    } else if (operation instanceof LoweredOperator.Mirror) {
      return new Kernel(
          BuiltinOperator.MIRROR_PAD,
          1,
          2,
          BuiltinOptions.MirrorPadOptions,
          b -> MirrorPadOptions.createMirrorPadOptions(b, MirrorPadMode.REFLECT));
    } else if (operation instanceof LoweredOperator.Reduce r) {
      return reduce(r);
    } else if (operation instanceof LoweredOperator.Resize r) {
      return resize(r);
    } else if (operation instanceof LoweredOperator.Gather g) {
      return new Kernel(
          BuiltinOperator.GATHER,
          1,
          0,
          BuiltinOptions.GatherOptions,
          b -> GatherOptions.createGatherOptions(b, g.axis(), 0));
    } else if (operation instanceof LoweredOperator.Blocks s) {
      return s.toSpace()
          ? new Kernel(
              BuiltinOperator.DEPTH_TO_SPACE,
              1,
              0,
              BuiltinOptions.DepthToSpaceOptions,
              b -> DepthToSpaceOptions.createDepthToSpaceOptions(b, s.size()))
          : new Kernel(
              BuiltinOperator.SPACE_TO_DEPTH,
              1,
              0,
              BuiltinOptions.SpaceToDepthOptions,
              b -> SpaceToDepthOptions.createSpaceToDepthOptions(b, s.size()));
    } else if (operation instanceof LoweredOperator.Cast c) {
      byte to = Tensors.code(c.to());
      return new Kernel(
          BuiltinOperator.CAST,
          1,
          0,
          BuiltinOptions.CastOptions,
          b -> CastOptions.createCastOptions(b, TensorType.FLOAT32, to));
    } else if (operation instanceof LoweredOperator.ArgMax) {
      return new Kernel(
          BuiltinOperator.ARG_MAX,
          1,
          0,
          BuiltinOptions.ArgMaxOptions,
          b -> ArgMaxOptions.createArgMaxOptions(b, TensorType.INT64));
    }
    throw new AssertionError(operation);
  }

  private static Kernel convolution(LoweredOperator.Convolution c) {
    LoweredOperator.Motion m = c.motion();
    return new Kernel(
        BuiltinOperator.CONV_2D,
        1,
        3,
        BuiltinOptions.Conv2DOptions,
        b -> {
          Conv2DOptions.startConv2DOptions(b);
          Conv2DOptions.addPadding(b, padding(m));
          Conv2DOptions.addStrideW(b, m.right());
          Conv2DOptions.addStrideH(b, m.down());
          Conv2DOptions.addFusedActivationFunction(b, fused(c.fused()));
          Conv2DOptions.addDilationWFactor(b, m.dilationColumns());
          Conv2DOptions.addDilationHFactor(b, m.dilationRows());
          return Conv2DOptions.endConv2DOptions(b);
        });
  }

  private static Kernel depthwise(LoweredOperator.Convolution c) {
    LoweredOperator.Motion m = c.motion();
    boolean dilated = m.dilationRows() > 1 || m.dilationColumns() > 1;
    return new Kernel(
        BuiltinOperator.DEPTHWISE_CONV_2D,
        dilated ? 2 : 1,
        3,
        BuiltinOptions.DepthwiseConv2DOptions,
        b -> {
          DepthwiseConv2DOptions.startDepthwiseConv2DOptions(b);
          DepthwiseConv2DOptions.addPadding(b, padding(m));
          DepthwiseConv2DOptions.addStrideW(b, m.right());
          DepthwiseConv2DOptions.addStrideH(b, m.down());
          DepthwiseConv2DOptions.addDepthMultiplier(b, c.multiplier());
          DepthwiseConv2DOptions.addFusedActivationFunction(b, fused(c.fused()));
          DepthwiseConv2DOptions.addDilationWFactor(b, m.dilationColumns());
          DepthwiseConv2DOptions.addDilationHFactor(b, m.dilationRows());
          return DepthwiseConv2DOptions.endDepthwiseConv2DOptions(b);
        });
  }

  private static Kernel pool(LoweredOperator.Pool p) {
    LoweredOperator.Motion m = p.motion();
    return new Kernel(
        p.max() ? BuiltinOperator.MAX_POOL_2D : BuiltinOperator.AVERAGE_POOL_2D,
        1,
        2,
        BuiltinOptions.Pool2DOptions,
        b -> {
          Pool2DOptions.startPool2DOptions(b);
          Pool2DOptions.addPadding(b, padding(m));
          Pool2DOptions.addStrideW(b, m.right());
          Pool2DOptions.addStrideH(b, m.down());
          Pool2DOptions.addFilterWidth(b, m.kernelColumns());
          Pool2DOptions.addFilterHeight(b, m.kernelRows());
          Pool2DOptions.addFusedActivationFunction(b, fused(p.fused()));
          return Pool2DOptions.endPool2DOptions(b);
        });
  }

  private static byte padding(LoweredOperator.Motion m) {
    return m.same() ? Padding.SAME : Padding.VALID;
  }

  private static byte fused(Fused fused) {
    return switch (fused) {
      case NONE -> ActivationFunctionType.NONE;
      case RELU -> ActivationFunctionType.RELU;
      case RELU6 -> ActivationFunctionType.RELU6;
    };
  }

  private static Kernel elementwise(LoweredOperator.Unary kind) {
    return switch (kind) {
      case ABS -> plain(BuiltinOperator.ABS, 0);
      case CEIL -> plain(BuiltinOperator.CEIL, 0);
      case ELU -> plain(BuiltinOperator.ELU, 0);
      case EXP -> plain(BuiltinOperator.EXP, 0);
      case FLOOR -> plain(BuiltinOperator.FLOOR, 0);
      case HARD_SWISH -> plain(BuiltinOperator.HARD_SWISH, 1);
      case LOG -> plain(BuiltinOperator.LOG, 0);
      case LOG_SOFTMAX -> plain(BuiltinOperator.LOG_SOFTMAX, 0);
      case NEG -> plain(BuiltinOperator.NEG, 0);
      case RELU -> plain(BuiltinOperator.RELU, 2);
      case RELU6 -> plain(BuiltinOperator.RELU6, 2);
      case RSQRT -> plain(BuiltinOperator.RSQRT, 0);
      case SIGMOID -> plain(BuiltinOperator.LOGISTIC, 2);
      case SIGN -> plain(BuiltinOperator.SIGN, 0);
      case SOFTMAX ->
          new Kernel(
              BuiltinOperator.SOFTMAX,
              1,
              2,
              BuiltinOptions.SoftmaxOptions,
              b -> SoftmaxOptions.createSoftmaxOptions(b, 1));
      case SQRT -> plain(BuiltinOperator.SQRT, 0);
      case SQUARE -> plain(BuiltinOperator.SQUARE, 0);
      case TANH -> plain(BuiltinOperator.TANH, 2);
    };
  }

  private static Kernel arithmetic(LoweredOperator.Arithmetic a) {
    byte fused = fused(a.fused());
    return switch (a.kind()) {
      case ADD ->
          new Kernel(
              BuiltinOperator.ADD,
              1,
              2,
              BuiltinOptions.AddOptions,
              b -> AddOptions.createAddOptions(b, fused, true));
      case SUB ->
          new Kernel(
              BuiltinOperator.SUB,
              1,
              3,
              BuiltinOptions.SubOptions,
              b -> SubOptions.createSubOptions(b, fused, true));
      case MUL ->
          new Kernel(
              BuiltinOperator.MUL,
              1,
              2,
              BuiltinOptions.MulOptions,
              b -> MulOptions.createMulOptions(b, fused));
      case DIV ->
          new Kernel(
              BuiltinOperator.DIV,
              1,
              0,
              BuiltinOptions.DivOptions,
              b -> DivOptions.createDivOptions(b, fused));
      case MAXIMUM -> plain(BuiltinOperator.MAXIMUM, 0);
      case MINIMUM -> plain(BuiltinOperator.MINIMUM, 0);
      case POW -> plain(BuiltinOperator.POW, 0);
    };
  }

  private static Kernel reduce(LoweredOperator.Reduce r) {
    int code =
        switch (r.kind()) {
          case MAX -> BuiltinOperator.REDUCE_MAX;
          case MEAN -> BuiltinOperator.MEAN;
          case MIN -> BuiltinOperator.REDUCE_MIN;
          case SUM -> BuiltinOperator.SUM;
        };
    return new Kernel(
        code,
        1,
        r.kind() == LoweredOperator.Reduction.MEAN ? 2 : 0,
        BuiltinOptions.ReducerOptions,
        b -> ReducerOptions.createReducerOptions(b, r.keep()));
  }

  private static Kernel resize(LoweredOperator.Resize r) {
    return r.bilinear()
        ? new Kernel(
            BuiltinOperator.RESIZE_BILINEAR,
            r.halfPixel() ? 3 : 1,
            r.halfPixel() ? 3 : 2,
            BuiltinOptions.ResizeBilinearOptions,
            b ->
                ResizeBilinearOptions.createResizeBilinearOptions(
                    b, r.alignCorners(), r.halfPixel()))
        : new Kernel(
            BuiltinOperator.RESIZE_NEAREST_NEIGHBOR,
            1,
            2,
            BuiltinOptions.ResizeNearestNeighborOptions,
            b -> ResizeNearestNeighborOptions.createResizeNearestNeighborOptions(b, false, false));
  }
}

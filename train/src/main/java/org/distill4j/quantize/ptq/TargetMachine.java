package org.distill4j.quantize.ptq;

import java.util.Locale;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Processor;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.settings.Describe;

/** The target machine of a model: it decides how many bits and which integers. */
@Describe("the machine the model is for")
public enum TargetMachine {
  /** This machine. */
  HERE,
  /** A server or desktop whose processor multiplies and adds 8-bit integers in one instruction. */
  X86_VNNI,
  /** A server or desktop whose processor has AVX2 alone: its sums of products saturate. */
  X86_AVX2,
  /** A phone, a small board or an Arm server. */
  ARM,
  /** A page that runs the model in WebAssembly. */
  BROWSER,
  /** A microcontroller with TensorFlow Lite Micro. */
  MICROCONTROLLER;

  private static final int FULL_BITS = 8;
  private static final int SAFE_BITS = 7;

  /** As recipes and commands spell it. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return spelling();
  }

  /** What activations are stored as: what the target's kernels multiply fastest, or at all. */
  public ActivationType activations() {
    boolean signed = this == ARM || this == MICROCONTROLLER || (this == HERE && isArm());
    return signed ? ActivationType.INT8 : ActivationType.UINT8;
  }

  /** The bits of weights: 7 where the sum of two products of 8-bit integers saturates, else 8. */
  public int weightBits() {
    boolean saturates =
        this == X86_AVX2 || (this == HERE && !isArm() && !Processor.here().hasInt8DotProducts());
    return saturates ? SAFE_BITS : FULL_BITS;
  }

  /** Whether a Gemm or MatMul has a scale for each output; a Conv always has. */
  public boolean hasDenseScalePerChannel() {
    return this != MICROCONTROLLER;
  }

  /** Whether this machine is such a one, so that a time measured here says something. */
  public boolean isHere() {
    return switch (this) {
      case HERE -> true;
      case X86_VNNI -> !isArm() && Processor.here().hasInt8DotProducts();
      case X86_AVX2 -> !isArm() && !Processor.here().hasInt8DotProducts();
      case ARM -> isArm();
      case BROWSER, MICROCONTROLLER -> false;
    };
  }

  /** What runs a model for it here: integers as this machine does if it is one, else exactly. */
  public OnnxRuntime runtime() {
    return isHere() ? new OnnxRuntime() : OnnxRuntime.inRealNumbers();
  }

  private static boolean isArm() {
    String arch = System.getProperty("os.arch", "");
    return arch.startsWith("aarch64") || arch.startsWith("arm");
  }

  /** One line for people: what it decides. */
  public String says() {
    return String.format(
        Locale.ROOT,
        "%s: weights of %d bits, activations %s%s%s",
        spelling(),
        weightBits(),
        activations().name().toLowerCase(Locale.ROOT),
        hasDenseScalePerChannel() ? "" : ", one scale for the weights of a Gemm or MatMul",
        isHere() ? "" : "; not this machine, so no time is measured");
  }
}

package org.distill4j.cli;

import java.util.concurrent.Callable;
import org.distill4j.data.Splits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements that are made the same way everywhere. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures a reference workload.",
    subcommands = Bench.Distill.class)
final class Bench implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "workload: none (expected: distill)");
  }

  /** The reference distillation. */
  @Command(
      name = "distill",
      mixinStandardHelpOptions = true,
      description =
          "Labels with the reference teacher and trains the reference student; prints one JSON line.",
      footer = {
        "",
        "Example: ./distill4j bench distill --data mnist --n 12000 --epochs 5 --threads 2"
      })
  static final class Distill implements Callable<Integer> {
    @Mixin private DataOptions data;

    @Option(
        names = "--n",
        defaultValue = "12000",
        description = "Training images; 12000 if left out.")
    private long n;

    @Option(
        names = "--epochs",
        defaultValue = "5",
        description = "Epochs, the first discarded; 5 if left out.")
    private int epochs;

    @Option(names = "--threads", defaultValue = "2", description = "Threads; 2 if left out.")
    private int threads;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      data.require(spec);
      if (n < 1 || epochs < 1 || threads < 1) {
        throw new ParameterException(
            spec.commandLine(),
            "--n, --epochs, --threads: %d, %d, %d (expected: each >= 1)"
                .formatted(n, epochs, threads));
      }
      Splits splits = data.find();
      long available = splits.train().data().size();
      if (n > available) {
        throw new ParameterException(
            spec.commandLine(),
            "--n: " + n + " (expected: <= " + available + ", as the data have)");
      }
      spec.commandLine()
          .getOut()
          .println(Json.line(ReferenceWorkload.measure(splits, n, epochs, threads)));
      return 0;
    }
  }
}

package org.distill4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.distill4j.cli.options.AnswersOption;
import org.distill4j.cli.options.InputFile;
import org.distill4j.cli.options.JsonOutput;
import org.distill4j.cli.options.ModelArgument;
import org.distill4j.cli.options.Photo;
import org.distill4j.cli.options.PreprocessingOption;
import org.distill4j.cli.options.SplitOptions;
import org.distill4j.cli.options.UnlabelledRows;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.data.cells.TableRows;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.tensor.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Predictions beside the labels, of one model or of two. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a model's answers to examples, to an image or to the rows of a table.",
      "With --beside it shows another model's answers, too."
    },
    footer = {
      "",
      "Example: ./distill4j predict runs/q/student/model.onnx --data fashion-mini \\",
      "             --n 16 --beside runs/q/teacher/model.onnx",
      "Example: ./distill4j predict runs/q/student/model.onnx --input photo.png",
      "Example: ./distill4j predict runs/adult/student/model.onnx --input people.csv"
    })
final class Predict implements Callable<Integer> {
  private static final int USUALLY = 16;

  private static final int HEAD = 512;

  @Parameters(
      paramLabel = "MODEL",
      description = "An ONNX file, a TFLite file or a SavedModel's folder.",
      converter = InputFile.class)
  private Path model;

  @Option(
      names = "--signature",
      paramLabel = "NAME",
      description = "Which signature of a SavedModel is asked; serving_default if left out.")
  private String signature;

  @Mixin private SplitOptions data;
  @Mixin private PreprocessingOption preprocessing;
  @Mixin private AnswersOption answers;

  @Option(
      names = "--n",
      paramLabel = "N",
      description = "How many examples; if left out, 16 of data, and every row of an input.")
  private Long most;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "An image file, or a CSV or TSV file of rows, instead of data.",
      converter = InputFile.class)
  private Path input;

  @Option(
      names = "--beside",
      paramLabel = "OTHER",
      description = "Another model to ask.",
      converter = InputFile.class)
  private Path beside;

  @Option(
      names = "--beside-preprocessing",
      paramLabel = "HOW",
      description = "What the other model takes, spelled as --preprocessing is.")
  private String besidePreprocessing;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** One example with what was said of it. */
  record Row(long index, String label, List<Prediction> answers) {}

  /**
   * What the command prints as JSON.
   *
   * @param leftOut how many examples more there are
   */
  record Answers(List<String> models, long leftOut, List<Row> rows) {}

  @Override
  public Integer call() {
    if (data.given() == (input != null)) {
      throw new ParameterException(
          spec.commandLine(), "--data, --input: both or none (expected: one of them)");
    }
    if (most != null && most < 1) {
      throw new ParameterException(spec.commandLine(), "--n: " + most + " (expected: >= 1)");
    }
    List<ModelArgument> models =
        new ArrayList<>(
            List.of(
                ModelArgument.read(model, Optional.ofNullable(signature))
                    .taking(preprocessing.told())
                    .answering(answers.told())));
    if (beside != null) {
      models.add(
          ModelArgument.read(beside)
              .taking(PreprocessingOption.read(besidePreprocessing, "--beside-preprocessing")));
    }
    models.forEach(m -> m.told(spec.commandLine().getErr()));
    TableRows given =
        takesRows(models.get(0)) ? TableRows.read(input, models.get(0).graph(), most()) : null;
    if (given != null) {
      given.notes().forEach(spec.commandLine().getErr()::println);
    }
    Dataset examples =
        input == null
            ? data.split(models.get(0)).data()
            : given != null ? rows(models.get(0), given) : image(models.get(0));
    int count = (int) Math.min(most(), examples.size());
    List<List<Prediction>> answers =
        models.stream().map(m -> Prediction.of(m, examples, count)).toList();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int row = i;
      String label =
          given != null
              ? Prediction.spelled(models.get(0).graph(), given.truths().get(i))
              : input == null ? Prediction.truth(examples, i) : "";
      rows.add(new Row(i, label, answers.stream().map(a -> a.get(row)).toList()));
    }
    long leftOut = examples.size() - count + (given == null ? 0 : given.leftOut());
    Answers all = new Answers(models.stream().map(ModelArgument::name).toList(), leftOut, rows);
    print(all, spec.commandLine().getOut());
    data.notes().forEach(spec.commandLine().getErr()::println);
    return 0;
  }

  /** Whether the input is rows of a table or of numbers rather than an image. */
  private boolean takesRows(ModelArgument file) {
    return input != null
        && (Metadata.table(file.graph()).isPresent()
            || input.getFileName().toString().matches("(?i).*\\.[ct]sv(\\.gz)?")
            || isText());
  }

  /** Whether a file without an ending, as a pipe's, is none of an image: those have bytes of 0. */
  private boolean isText() {
    if (input.getFileName().toString().contains(".")) {
      return false;
    }
    try (InputStream in = Files.newInputStream(input)) {
      byte[] head = in.readNBytes(HEAD);
      return head.length > 0 && new String(head, StandardCharsets.ISO_8859_1).indexOf(0) < 0;
    } catch (IOException e) {
      return false; // whoever reads it says why
    }
  }

  private int most() {
    return most == null
        ? input == null ? USUALLY : Integer.MAX_VALUE
        : (int) Math.min(most, Integer.MAX_VALUE);
  }

  /** Rows of a file as a data set; nobody looks at its labels. */
  private Dataset rows(ModelArgument file, TableRows given) {
    return new UnlabelledRows(
        input.getFileName().toString(),
        file.graph().onlyInput().shape().dropFirst(),
        classes(file),
        Metadata.task(file.graph()).orElse(TaskType.SINGLE_LABEL),
        given.rows());
  }

  private static List<String> classes(ModelArgument file) {
    return Metadata.classes(file.graph()).orElseGet(() -> numbers(file.classCount()));
  }

  /**
   * An image as a data set of one; bytes are brought to the range that the model's own data had.
   */
  private Dataset image(ModelArgument file) {
    Shape shape =
        ModelDataCheck.example(file.graph())
            .orElseGet(() -> file.graph().onlyInput().shape().dropFirst());
    List<String> names = classes(file);
    Preprocessing bytes = Preprocessing.scale(1.0 / 255);
    float[] pixels = Photo.read(input, file.graph());
    Preprocessing taken = Metadata.preprocessing(file.graph()).orElse(bytes);
    double level = preprocessing.told().isPresent() ? 1 : taken.white() / 255;
    for (int i = 0; i < pixels.length && level < 1; i++) {
      pixels[i] *= (float) level;
    }
    return new ArrayDataset(
        input.getFileName().toString(), shape, names, new float[][] {pixels}, new int[] {0}, bytes);
  }

  private static List<String> numbers(long n) {
    List<String> names = new ArrayList<>();
    for (long i = 0; i < n; i++) {
      names.add(Long.toString(i));
    }
    return names;
  }

  private void print(Answers all, PrintWriter out) {
    if (json) {
      out.println(JsonOutput.line(all));
      return;
    }
    if (input != null && all.rows().size() == 1 && all.rows().get(0).label().isEmpty()) {
      for (int m = 0; m < all.models().size(); m++) {
        Prediction answer = all.rows().get(0).answers().get(m);
        out.printf(
            Locale.ROOT,
            "%s: %s, then %s%n",
            all.models().get(m),
            answer,
            String.join(", ", answer.others()));
      }
      return;
    }
    out.printf("%6s  %-14s", "", "label");
    all.models().forEach(m -> out.printf("  %-24s", m));
    out.println();
    for (Row row : all.rows()) {
      out.printf(Locale.ROOT, "%6d  %-14s", row.index(), row.label());
      for (Prediction answer : row.answers()) {
        String mark =
            row.label().isEmpty()
                    || answer.probability() == null
                    || answer.label().equals(row.label())
                ? " "
                : "x";
        out.printf("  %s %-22s", mark, answer);
      }
      out.println();
    }
    boolean labelled =
        all.rows().stream()
            .noneMatch(r -> r.label().isEmpty() || r.answers().get(0).probability() == null);
    for (int m = 0; labelled && m < all.models().size(); m++) {
      int at = m;
      long right =
          all.rows().stream().filter(r -> r.answers().get(at).label().equals(r.label())).count();
      out.printf(
          Locale.ROOT, "%s: %d of %d right%n", all.models().get(m), right, all.rows().size());
    }
    if (all.leftOut() > 0) {
      out.printf(
          Locale.ROOT,
          "the first %,d of %,d; --n shows more%n",
          all.rows().size(),
          all.rows().size() + all.leftOut());
    }
  }
}

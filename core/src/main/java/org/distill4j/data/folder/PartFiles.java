package org.distill4j.data.folder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.distill4j.fault.InputFault;

/**
 * The idx or CSV files of a folder that are the parts of the data, each told by the words of its
 * name: {@code Train.csv} and {@code val.csv}; {@code adult_train.csv} and {@code adult_test.csv},
 * whose other words are the same; {@code train-images-idx3-ubyte} and {@code t10k-...}.
 *
 * @param files of each part
 */
public record PartFiles(Path folder, Map<DataPart, Path> files) {
  private static final Pattern CELLS =
      Pattern.compile("(.+)\\.[ct]sv(\\.gz)?", Pattern.CASE_INSENSITIVE);
  private static final Pattern IMAGES =
      Pattern.compile("(.+)[-_.]images[-_.]idx[234][-_.]ubyte(\\.gz)?", Pattern.CASE_INSENSITIVE);
  private static final Pattern LABELS =
      Pattern.compile("(.+)[-_.]labels[-_.]idx1[-_.]ubyte(\\.gz)?", Pattern.CASE_INSENSITIVE);

  private static final Set<String> PLAIN = Set.of("train", "validation", "test");

  /** What MNIST and its kin call their test parts. */
  private static final Pattern TEN_THOUSAND = Pattern.compile("t10k", Pattern.CASE_INSENSITIVE);

  /** Takes a copy. */
  public PartFiles {
    files = Map.copyOf(files);
  }

  /** The CSV and TSV files; without parts the only one there is, to train on. */
  public static PartFiles cells(Path folder) {
    List<Path> all = matching(folder, CELLS);
    PartFiles parts = new PartFiles(folder, parts(all, file -> prefix(file, CELLS)));
    return parts.files.isEmpty() && all.size() == 1
        ? new PartFiles(folder, Map.of(DataPart.TRAIN, all.get(0)))
        : parts;
  }

  /** The idx files of images. */
  public static PartFiles images(Path folder) {
    List<Path> all = matching(folder, IMAGES);
    return new PartFiles(folder, parts(all, file -> prefix(file, IMAGES)));
  }

  /** The idx file of the labels that go with one of images. */
  public static Optional<Path> labels(Path images) {
    String wanted = prefix(images, IMAGES);
    return matching(images.toAbsolutePath().getParent(), LABELS).stream()
        .filter(file -> prefix(file, LABELS).equalsIgnoreCase(wanted))
        .map(file -> images.resolveSibling(file.getFileName()))
        .findFirst();
  }

  /** The name of the labels that go with images, for messages. */
  public static String labelsName(Path images) {
    Matcher name = IMAGES.matcher(images.getFileName().toString());
    return (name.matches() ? name.group(1) : "train") + "-labels-idx1-ubyte";
  }

  private static List<Path> matching(Path folder, Pattern names) {
    return FolderWalk.children(folder).stream()
        .filter(file -> names.matcher(file.getFileName().toString()).matches())
        .filter(Files::isRegularFile)
        .toList();
  }

  private static String prefix(Path file, Pattern names) {
    Matcher name = names.matcher(file.getFileName().toString());
    return name.matches() ? TEN_THOUSAND.matcher(name.group(1)).replaceAll("test") : "";
  }

  /** Those whose names have no words but of a part; or else those that share their other words. */
  private static Map<DataPart, Path> parts(List<Path> files, Function<Path, String> prefix) {
    Map<String, Map<DataPart, Path>> byOthers = new TreeMap<>();
    for (Path file : files) {
      String name = prefix.apply(file);
      DataPart.only(name)
          .ifPresent(
              part ->
                  byOthers
                      .computeIfAbsent(DataPart.otherWords(name), o -> new TreeMap<>())
                      .merge(part, file, (a, b) -> preferred(a, b, part)));
    }
    List<Map<DataPart, Path>> found =
        byOthers.entrySet().stream()
            .filter(e -> e.getValue().containsKey(DataPart.TRAIN))
            .filter(e -> e.getKey().isEmpty() || e.getValue().size() > 1)
            .map(Map.Entry::getValue)
            .toList();
    boolean plain = byOthers.getOrDefault("", Map.of()).containsKey(DataPart.TRAIN);
    return plain || found.size() == 1 ? found.get(0) : Map.of();
  }

  /** Of the same name CSV before TSV, unpacked before packed; else the plain name. */
  private static Path preferred(Path one, Path other, DataPart part) {
    String a = one.getFileName().toString();
    String b = other.getFileName().toString();
    if (stem(a).equals(stem(b))) {
      return a.replace(".gz", "").compareTo(b.replace(".gz", "")) < 0 || b.startsWith(a)
          ? one
          : other;
    }
    for (Path file : List.of(one, other)) {
      if (PLAIN.contains(stem(file.getFileName().toString()))) {
        return file;
      }
    }
    throw new InputFault(
        "%s: %s and %s are both %s (expected: one file); rename the other"
            .formatted(one.getParent(), a, b, part.spelling()));
  }

  private static String stem(String name) {
    return name.replaceFirst("(?i)\\.gz$", "").replaceFirst("(?i)\\.[ct]sv$", "");
  }

  /** The file of a part. */
  public Optional<Path> of(DataPart part) {
    return Optional.ofNullable(files.get(part));
  }

  /** Which file is which part, and CSV files that are none; nothing where there is one file. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    List<Path> others =
        matching(folder, CELLS).stream().filter(file -> !files.containsValue(file)).toList();
    if (files.size() > 1 || !others.isEmpty()) {
      notes.add(
          "parts: "
              + Arrays.stream(DataPart.values())
                  .map(
                      part ->
                          part.spelling()
                              + of(part)
                                  .map(file -> " from " + file.getFileName())
                                  .orElse(" drawn from training"))
                  .collect(Collectors.joining(", ")));
    }
    if (!others.isEmpty()) {
      notes.add(
          "passed over beside the parts: %s (expected: names of parts, such as train, val and test)"
              .formatted(
                  others.stream()
                      .map(file -> file.getFileName().toString())
                      .collect(Collectors.joining(", "))));
    }
    return notes;
  }
}

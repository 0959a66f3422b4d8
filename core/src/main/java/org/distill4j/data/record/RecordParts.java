package org.distill4j.data.record;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.distill4j.data.folder.DataPart;
import org.distill4j.data.folder.FolderWalk;
import org.distill4j.fault.InputFault;

/**
 * The TFRecord files of each part: those in a folder go by a word of their names, those in a folder
 * of it by its name, also one deeper, in {@code data/train}. A file that names no part is to train
 * on.
 */
record RecordParts(Path top, Map<DataPart, List<Path>> files) {
  private static final String SUFFIX = ".*\\.tfrecords?([-.].*)?";

  /** Whether a path is such a file. */
  static boolean isRecord(Path file) {
    return Files.isRegularFile(file)
        && file.getFileName().toString().toLowerCase(Locale.ROOT).matches(SUFFIX);
  }

  /** The files of a folder, or the file; nothing if there are none. */
  static RecordParts of(Path path) {
    if (!Files.isDirectory(path)) {
      return new RecordParts(
          path, isRecord(path) ? Map.of(DataPart.TRAIN, List.of(path)) : Map.of());
    }
    Map<DataPart, List<Path>> files = in(path);
    if (files.isEmpty()) {
      List<Map<DataPart, List<Path>>> deeper =
          FolderWalk.children(path).stream()
              .filter(child -> DataPart.named(child.getFileName().toString()).isEmpty())
              .filter(Files::isDirectory)
              .map(RecordParts::in)
              .filter(found -> found.containsKey(DataPart.TRAIN))
              .toList();
      files = deeper.size() == 1 ? deeper.get(0) : files;
    }
    List<Path> all = files.values().stream().flatMap(List::stream).toList();
    return new RecordParts(path, all.size() == 1 ? Map.of(DataPart.TRAIN, all) : files);
  }

  private static Map<DataPart, List<Path>> in(Path folder) {
    Map<DataPart, List<Path>> found = new EnumMap<>(DataPart.class);
    for (Path child : FolderWalk.children(folder)) {
      String name = child.getFileName().toString();
      if (isRecord(child)) {
        add(found, DataPart.ofFile(name).orElse(DataPart.TRAIN), List.of(child));
        continue;
      }
      Optional<DataPart> part = DataPart.named(name);
      if (part.isPresent()) {
        add(
            found,
            part.get(),
            FolderWalk.children(child).stream().filter(RecordParts::isRecord).toList());
      }
    }
    return found;
  }

  private static void add(Map<DataPart, List<Path>> found, DataPart part, List<Path> files) {
    if (!files.isEmpty()) {
      found.computeIfAbsent(part, p -> new ArrayList<>()).addAll(files);
    }
  }

  /** The files to train on; a fault in one line if there are none. */
  List<Path> train() {
    if (!files.containsKey(DataPart.TRAIN)) {
      throw new InputFault(
          "%s: no TFRecord file to train on, %s (expected: one whose name has the word train, or no part's)"
              .formatted(top, said()));
    }
    return files.get(DataPart.TRAIN);
  }

  /** Which file is which part; nothing where there is one file. */
  List<String> notes() {
    boolean one = files.values().stream().mapToInt(List::size).sum() == 1;
    return one ? List.of() : List.of("parts: " + said());
  }

  private String said() {
    return Arrays.stream(DataPart.values())
        .filter(part -> part != DataPart.TRAIN || files.containsKey(part))
        .map(part -> part.spelling() + " " + said(files.getOrDefault(part, List.of())))
        .collect(Collectors.joining(", "));
  }

  private String said(List<Path> own) {
    return switch (own.size()) {
      case 0 -> "drawn from training";
      case 1 -> "from " + name(own, 0);
      case 2, 3 ->
          "from "
              + own.stream()
                  .map(f -> top.relativize(f).toString())
                  .collect(Collectors.joining(" "));
      default ->
          String.format(
              Locale.ROOT,
              "from %,d files, %s to %s",
              own.size(),
              name(own, 0),
              name(own, own.size() - 1));
    };
  }

  private String name(List<Path> own, int index) {
    return top.relativize(own.get(index)).toString();
  }
}

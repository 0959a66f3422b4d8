package org.distill4j.data.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.storage.AtomicFile;

/**
 * All that lies in a folder at any depth, links followed. What is hidden, or left behind by a tool,
 * does not count.
 *
 * @param files that were looked for, by their names' order
 * @param others that were not
 * @param hidden folders, and files that were looked for but for their names' beginning
 */
public record FolderWalk(List<Path> files, List<Path> others, List<Path> hidden) {
  /** Folders of archives, file servers, desktops and interpreters, in lower case. */
  private static final Set<String> OF_TOOLS =
      Set.of(
          "__macosx",
          "@eadir",
          "@tmp",
          "@recycle",
          "@recently-snapshot",
          "#recycle",
          "#snapshot",
          "$recycle.bin",
          "system volume information",
          "lost+found",
          "__pycache__");

  /** Takes copies. */
  public FolderWalk {
    files = List.copyOf(files);
    others = List.copyOf(others);
    hidden = List.copyOf(hidden);
  }

  /** Whether a file or folder counts by its name. */
  public static boolean counts(Path path) {
    String name = String.valueOf(path.getFileName());
    return !name.startsWith(".") && !OF_TOOLS.contains(name.toLowerCase(Locale.ROOT));
  }

  /** The entries of a folder that count, by their names' order; none if it is no folder. */
  public static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(FolderWalk::counts).sorted().toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    } catch (UncheckedIOException e) { // on the way through it
      throw unreadable(folder, e.getCause());
    }
  }

  /**
   * Walks through all of a folder but for some folders in it.
   *
   * @param wanted the files that are looked for
   */
  public static FolderWalk of(Path folder, Predicate<Path> wanted, Collection<Path> without) {
    Visitor visitor = new Visitor(folder, wanted, without, false);
    visitor.walk();
    return new FolderWalk(
        visitor.files.stream().sorted().toList(),
        visitor.others.stream().sorted().toList(),
        visitor.hidden.stream().sorted().toList());
  }

  /** Whether a folder has such a file; walks until there is one. */
  public static boolean has(Path folder, Predicate<Path> wanted) {
    Visitor visitor = new Visitor(folder, wanted, List.of(), true);
    visitor.walk();
    return !visitor.files.isEmpty();
  }

  private static InputFault unreadable(Path path, IOException e) {
    return new InputFault(path + ": cannot be read: " + AtomicFile.reason(e), e);
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    final List<Path> files = new ArrayList<>();
    final List<Path> others = new ArrayList<>();
    final List<Path> hidden = new ArrayList<>();
    private final Path folder;
    private final Predicate<Path> wanted;
    private final Collection<Path> without;
    private final boolean one;

    Visitor(Path folder, Predicate<Path> wanted, Collection<Path> without, boolean one) {
      this.folder = folder;
      this.wanted = wanted;
      this.without = without;
      this.one = one;
    }

    void walk() {
      try {
        Files.walkFileTree(
            folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, this);
      } catch (IOException e) {
        throw unreadable(folder, e);
      }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes attributes) {
      if (!entered.equals(folder) && without.contains(entered)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (entered.equals(folder) || counts(entered)) {
        return FileVisitResult.CONTINUE;
      }
      hidden.add(entered);
      return FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      boolean counts = counts(file);
      if (wanted.test(file) && !attributes.isOther()) {
        (counts ? files : hidden).add(file);
      } else if (counts) {
        others.add(file);
      }
      return one && !files.isEmpty() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      if (!file.equals(folder) && !counts(file)) {
        return FileVisitResult.CONTINUE;
      }
      if (e instanceof FileSystemLoopException) {
        throw new InputFault(
            file + ": a link to a folder that it lies in (expected: no loop); remove it", e);
      }
      throw unreadable(file, e);
    }
  }
}

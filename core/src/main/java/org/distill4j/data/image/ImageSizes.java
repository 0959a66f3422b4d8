package org.distill4j.data.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.RunFault;
import org.distill4j.images.ImageHead;
import org.distill4j.images.ResizeMode;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.MappedFile;
import org.distill4j.storage.Sha256;

/**
 * The sizes and channels of all images, as their heads say, by the place of the first of each kind.
 *
 * @param counts none if no head can be read
 */
public record ImageSizes(List<Count> counts) {
  /**
   * Images of one kind.
   *
   * @param first what the first of them is called
   */
  public record Count(int channels, int height, int width, long images, String first) {
    private List<Integer> size() {
      return List.of(height, width);
    }

    private Count and(Count more) {
      return new Count(channels, height, width, images + more.images, first);
    }
  }

  /** Reads the head of one image. */
  public interface Heads {
    /** What an image is called. */
    String name(int index);

    ImageHead head(int index) throws IOException;
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BLOCK = 4096;

  /** So many images take long enough for people to hear of it. */
  private static final int LONG = 50_000;

  /** How many sizes a note names. */
  private static final int NAMED = 3;

  /** Takes a copy. */
  public ImageSizes {
    counts = List.copyOf(counts);
  }

  /** Reads all heads, once for one key: 64 hex digits of all that they are a function of. */
  public static ImageSizes of(
      String what,
      int images,
      Heads heads,
      String key,
      UnpackedFolder unpacked,
      ProgressListener listener) {
    MappedFile kept =
        unpacked
            .open(
                Sha256.ofTexts("image sizes 2", key),
                channel ->
                    AtomicFile.writeFully(
                        channel,
                        ByteBuffer.wrap(
                            JSON.writeValueAsBytes(counted(what, images, heads, listener)))))
            .file();
    byte[] bytes = new byte[(int) kept.size()];
    kept.copy(0, bytes, bytes.length);
    try {
      String json = new String(bytes, StandardCharsets.UTF_8);
      return new ImageSizes(JSON.readValue(json, new TypeReference<List<Count>>() {}));
    } catch (JsonProcessingException e) {
      throw new RunFault(kept.path() + ": cannot be read; delete it", e);
    }
  }

  private static List<Count> counted(
      String what, int images, Heads heads, ProgressListener listener) {
    Map<ImageHead, Count> counts = new LinkedHashMap<>();
    if (images > LONG) {
      listener.begin("reading heads of " + what, images, "images");
    }
    for (int start = 0; start < images; start += BLOCK) {
      int first = start;
      int end = Math.min(images, start + BLOCK);
      List<Optional<ImageHead>> block =
          IntStream.range(start, end).parallel().mapToObj(i -> head(heads, i)).toList();
      for (int i = 0; i < block.size(); i++) {
        int index = first + i;
        block
            .get(i)
            .ifPresent(
                head ->
                    counts.merge(
                        head,
                        new Count(
                            head.channels(), head.height(), head.width(), 1, heads.name(index)),
                        Count::and));
      }
      if (images > LONG) {
        listener.advance(end, Map.of());
      }
    }
    if (images > LONG) {
      listener.end(images + " heads");
    }
    return new ArrayList<>(counts.values());
  }

  private static Optional<ImageHead> head(Heads heads, int index) {
    try {
      return Optional.of(heads.head(index));
    } catch (IOException e) {
      return Optional.empty(); // it is counted and named when all are read
    }
  }

  /** 3 if one image has colour. */
  int channels() {
    return counts.stream().mapToInt(Count::channels).max().orElseThrow();
  }

  /** The commonest height and width; of several as common the one of middle area. */
  List<Integer> commonest() {
    List<Count> sizes = bySize();
    List<Count> tied =
        sizes.stream()
            .filter(count -> count.images == sizes.get(0).images)
            .sorted(Comparator.comparingLong(count -> (long) count.height * count.width))
            .toList();
    return tied.get((tied.size() - 1) / 2).size();
  }

  private List<Count> bySize() {
    return grouped(Count::size);
  }

  /** Those of one kind as one, the commonest first. */
  private List<Count> grouped(Function<Count, Object> kind) {
    Map<Object, Count> groups = new LinkedHashMap<>();
    counts.forEach(count -> groups.merge(kind.apply(count), count, Count::and));
    return groups.values().stream()
        .sorted(Comparator.comparingLong(Count::images).reversed())
        .toList();
  }

  /**
   * What differs among the images, and what becomes of it.
   *
   * @param what they are: {@code training images}
   * @param asked what the settings say
   * @param taken the same with size and channels
   */
  public List<String> notes(String what, ImageSettings asked, ImageSettings taken) {
    List<String> notes = new ArrayList<>();
    List<Integer> size = taken.size().get();
    List<Count> sizes = bySize();
    if (sizes.stream().anyMatch(count -> !count.size().equals(size))) {
      notes.add(
          "%s: %s; all are %s to %s x %s%s"
              .formatted(
                  what,
                  named(sizes, count -> "of %s x %s".formatted(count.height, count.width)),
                  taken.fit() == ResizeMode.CROP ? "cropped" : "stretched",
                  size.get(0),
                  size.get(1),
                  asked.size().isPresent()
                      ? ""
                      : " (images: {size: [height, width]} sets another size)"));
    }
    int channels = taken.channels().get();
    List<Count> kinds = grouped(Count::channels);
    if (kinds.stream().anyMatch(count -> count.channels != channels)) {
      notes.add(
          "%s: %s; all are read %s%s"
              .formatted(
                  what,
                  named(kinds, count -> colour(count.channels)),
                  colour(channels),
                  asked.channels().isPresent() ? "" : " (images: {channels: 1} makes all grey)"));
    }
    return notes;
  }

  private static String colour(int channels) {
    return channels == 1 ? "in grey" : "in colour";
  }

  /** {@code 35 of 12 x 12, 1 of 2 x 3 (blue/00.png)}. */
  private static String named(List<Count> groups, Function<Count, String> kind) {
    List<String> said = new ArrayList<>();
    for (Count group : groups.subList(0, Math.min(NAMED, groups.size()))) {
      String first = said.isEmpty() ? "" : " (" + group.first + ")";
      said.add(String.format(Locale.ROOT, "%,d %s%s", group.images, kind.apply(group), first));
    }
    if (groups.size() > NAMED) {
      long others = groups.stream().skip(NAMED).mapToLong(Count::images).sum();
      said.add(String.format(Locale.ROOT, "%,d of %,d others", others, groups.size() - NAMED));
    }
    return String.join(", ", said);
  }
}

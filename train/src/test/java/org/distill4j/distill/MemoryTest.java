package org.distill4j.distill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much memory labelling and distilling take, in a process of their own. */
class MemoryTest {
  private static final long MEGABYTE = 1 << 20;

  @TempDir Path folder;

  @Test
  void distil_aMillionRecords_fitsASmallHeap() throws Exception {
    // on the heap their 16 floats each would take 64 MB without the arrays' heads
    String line = ChildTraining.run(folder, List.of("-Xmx64m"), "1000000", "16");
    assertThat(line).startsWith("examples 1000000 steps 7812 ");
  }

  @Test
  @Tag("slow")
  void distil_tenTimesTheImages_takesNoMoreMemory() throws Exception {
    long few = anonymous(6_000);
    long many = anonymous(60_000);
    System.out.printf("anonymous memory: %d bytes, then %d%n", few, many);
    assertThat(many - few).isLessThan(30 * MEGABYTE);
  }

  private long anonymous(int images) throws Exception {
    ChildTraining.anonymousBytes();
    String line =
        ChildTraining.run(
            folder.resolve("" + images), List.of("-Xmx1g"), "" + images, "1", "28", "28");
    return Long.parseLong(line.replaceFirst(".* anonymous ", ""));
  }
}

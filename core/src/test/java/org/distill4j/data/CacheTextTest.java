package org.distill4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.distill4j.data.cells.TargetColumns;
import org.distill4j.data.record.RecordReader;
import org.distill4j.graph.TaskType;
import org.distill4j.settings.DigestText;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/** The texts are those of version 0.1.0, whose caches are found by digests of them. */
class CacheTextTest {
  @Test
  void of_truth_isTheTextUnderWhichOlderCachesKeepATable() {
    TargetColumns truth =
        new TargetColumns(TaskType.MULTI_LABEL, List.of("genre"), List.of("a", "b"), "");
    assertThat(DigestText.of(truth))
        .isEqualTo("Truth[task=MULTI_LABEL, columns=[genre], classes=[a, b], suffix=]");
  }

  @Test
  void of_form_isTheTextUnderWhichOlderCachesKeepRecords() {
    assertThat(DigestText.of(new RecordReader.Form(Shape.of(1, 8, 8), true, false)))
        .isEqualTo("Form[shape=[1, 8, 8], bytes=true, image=false]");
  }
}

package org.distill4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is read of the classes, seen at a few that are there. */
class HouseTest {
  @Test
  void families_sealedTypeWithSubtypesInFilesOfTheirOwn_areSeenBothWays() throws IOException {
    assertThat(House.here().families().get("zoo.Net")).contains("zoo.Mlp", "zoo.ResNet");
    assertThat(House.here().families().get("zoo.Mlp")).containsExactly("zoo.Net");
  }

  @Test
  void uses_holdFilesOnly_neitherTestsNorOthers() throws IOException {
    assertThat(House.here().uses())
        .doesNotContainKeys("architecture.House", "architecture.HouseTest");
    assertThat(House.here().uses().get("zoo.Mlp")).contains("graph.Graph");
  }

  @Test
  void uses_ofAnExample_areReadFromItsText() throws IOException {
    assertThat(House.here().uses().get("examples.DistilYourOwnData")).contains("distill.Trainer");
  }
}

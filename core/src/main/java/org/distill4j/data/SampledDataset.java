package org.distill4j.data;

import java.util.List;

/**
 * A data set with how a net is to be trained on it; its content, and so its digest, is the same.
 */
final class SampledDataset extends DerivedDataset {
  private final long shuffleBlock;
  private final List<Double> classWeights;

  /**
   * @param shuffleBlock see {@link Dataset#shuffleBlock}
   * @param classWeights see {@link Dataset#classWeights}
   */
  SampledDataset(Dataset all, long shuffleBlock, List<Double> classWeights) {
    super(all);
    this.shuffleBlock = shuffleBlock;
    this.classWeights = List.copyOf(classWeights);
  }

  @Override
  public long shuffleBlock() {
    return shuffleBlock;
  }

  @Override
  public List<Double> classWeights() {
    return classWeights;
  }
}

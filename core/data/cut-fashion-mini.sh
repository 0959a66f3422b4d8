#!/bin/sh
# Cuts the embedded data set fashion-mini from Debian's package dataset-fashion-mnist: the first
# 12,000 training images (the last 1,200 of them are its validation part) and all 10,000 test
# images. The same package gives the same bytes: gzip stores neither name nor time.
#
#   core/data/cut-fashion-mini.sh [folder of the package's idx files]
set -eu
from=${1:-/usr/share/datasets/fashion-mnist}
to=$(dirname "$0")/../src/main/resources/org/distill4j/data/fashion-mini
count=12000

# header: magic of n-dimensional unsigned bytes, then the count as a big-endian int32 (octal escapes)
train_images_header='\0\0\010\003\0\0\056\340\0\0\0\034\0\0\0\034' # 12000 x 28 x 28
train_labels_header='\0\0\010\001\0\0\056\340'                     # 12000

cut_train() { # file, bytes of the old header, bytes per example, new header
  {
    printf "$4"
    gzip -dc "$from/$1.gz" | tail -c "+$(($2 + 1))" | head -c $((count * $3))
  } | gzip -9n > "$to/$1.gz"
}

mkdir -p "$to"
cut_train train-images-idx3-ubyte 16 784 "$train_images_header"
cut_train train-labels-idx1-ubyte 8 1 "$train_labels_header"
for file in t10k-images-idx3-ubyte t10k-labels-idx1-ubyte; do
  gzip -dc "$from/$file.gz" | gzip -9n > "$to/$file.gz"
done

# sha256 of the raw content, as KnownData has it
for file in train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte; do
  printf '%s  %s\n' "$(gzip -dc "$to/$file.gz" | sha256sum | cut -d' ' -f1)" "$file"
done

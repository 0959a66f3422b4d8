/** Which range of numbers a value needs: observers, histograms and grids. */
package org.distill4j.quantize.observe;

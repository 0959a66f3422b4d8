/** Named arrays in one file that any framework reads. */
package org.distill4j.safetensors;

/** Known networks, ready to be trained. */
package org.distill4j.zoo;

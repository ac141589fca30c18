-- What the lists of all nouns share.

-- Keys of sorted lists are text. A number is added to this first, so that all times
-- there are (1970 to 9999, in milliseconds) have as many digits and none has a
-- sign: then the order of the texts is that of the numbers.
--@ base -
5000000000000000

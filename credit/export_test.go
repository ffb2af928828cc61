package credit

// What tests on statements that are issued share with those of this package.
var (
	June          = june
	RandomBill    = bill
	SharedBill    = shared
	State         = state
	ChargeFor     = charge
	JudgeDown     = judge
	JudgeAll      = judgeAll
	DownOf        = downOf
	Regional      = regional
	InRegion      = inRegion
	ClaimedAndNot = claimedAndNot
)
